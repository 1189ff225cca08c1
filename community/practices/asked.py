"""How others ask for what our fields hold: interviewers, and the headings of notes and forms.

``QUESTIONS`` are compared by meaning (in English, which the bundled model reads best). ``NAMES`` are headings
in English, French and Portuguese, in plain small letters.
"""

from __future__ import annotations

QUESTIONS: dict[str, tuple[str, ...]] = {
    "context": (
        "What was the situation and the problem before the programme started, in which country and sector?",
        "How did things stand beforehand?",
        "Why was something needed; what was the need in the country?",
        "Describe the background and the setting.",
    ),
    "objective": (
        "What is the objective: what did the programme set out to achieve or change?",
        "What did you want to achieve?",
        "What was your goal, and what was meant to change?",
        "What is it for?",
    ),
    "actors": (
        "Who takes part: which ministries, agencies, unions, employers and partners, and what does each do?",
        "Who takes part, and who does what?",
        "Which organisations are your partners?",
        "Tell me about the institutions that are involved and their roles.",
    ),
    "key_features": (
        "How does it work, step by step: selection, training, departure, work abroad and return?",
        "How does it run in practice, from beginning to end?",
        "Walk us through the steps for one person.",
        "What happens first, and what comes next?",
    ),
    "coordination": (
        "Who decides and who is informed; which committee steers it, and how are disputes settled?",
        "Who makes the decisions, and how are disagreements settled?",
        "Is there a committee or a board?",
        "How do you keep each other informed?",
    ),
    "financing": (
        "How much does it cost and who pays: the budget, the funding, the fees and what the worker pays?",
        "What does it cost, and who pays?",
        "Where does the money come from?",
        "Do workers pay fees?",
    ),
    "skills_recognition": (
        "Which certificates and qualifications are awarded or accepted, and who recognises the skills?",
        "Do people get a certificate, and is it accepted?",
        "Who recognises the qualification or diploma?",
        "What are their skills and papers worth in the other country?",
    ),
    "protection": (
        "How are workers protected: contracts, complaints, welfare, insurance and remedies against abuse?",
        "What if a worker is badly treated or has a complaint?",
        "How are people looked after while they are abroad?",
        "What is in the contract, and who checks it?",
    ),
    "results": (
        "What were the results: how many people were trained, placed or certified, and what changed?",
        "What did it achieve, in numbers?",
        "What has changed for people since?",
        "How many people benefited?",
    ),
    "challenges": (
        "What went wrong: which difficulties, delays and obstacles were there, and what was done about them?",
        "What was difficult, and what failed?",
        "Which problems did you run into?",
        "What did not go as planned?",
    ),
    "lessons": (
        "What lessons were learned: what would you do differently, and what do you advise others to do?",
        "What did you learn from it?",
        "What would you do another way today?",
        "What is your advice to others?",
    ),
    "transferability": (
        "Could another country copy it: what conditions would it need, and will it last without the donor?",
        "Could it be done in another country?",
        "What would others need to copy it?",
        "Will it go on when the funding ends?",
    ),
    "contact": (
        "Which institution can be contacted, at what address, e-mail or telephone?",
        "Whom can one ask for more information?",
        "Which office can be written to, and at what address?",
        "How can your institution be reached?",
    ),
    "sources": (
        "Where does the evidence come from: which reports, evaluations, surveys and registers, of "
        "which dates?",
        "Is there a report or an evaluation to read?",
        "Which documents and data are the figures from?",
        "Where is this written down?",
    ),
}

NAMES: dict[str, tuple[str, ...]] = {
    "context": (
        "context", "background", "introduction", "situation", "problem", "problem statement", "rationale",
        "contexte", "situation initiale", "problematique", "justification", "contexto", "antecedentes",
        "enquadramento", "introducao", "problema", "justificacao",
    ),
    "objective": (
        "objective", "objectives", "aim", "aims", "goal", "goals", "purpose", "overall objective",
        "objectif", "objectifs", "but", "buts", "finalite", "objetivo", "objetivos", "objectivo",
        "objectivos", "finalidade", "meta", "metas",
    ),
    "actors": (
        "actors", "stakeholders", "partners", "who is involved", "roles", "institutions",
        "implementing partners", "roles and responsibilities", "parties", "acteurs", "parties prenantes",
        "partenaires", "intervenants", "atores", "actores", "partes interessadas", "parceiros",
        "intervenientes",
    ),
    "key_features": (
        "key features", "how it works", "activities", "description", "approach", "steps", "implementation",
        "main activities", "methodology", "design", "caracteristiques principales", "fonctionnement",
        "activites", "demarche", "mise en oeuvre", "deroulement", "etapes", "caracteristicas principais",
        "como funciona", "atividades", "actividades", "abordagem", "implementacao", "etapas", "metodologia",
    ),
    "coordination": (
        "coordination", "governance", "steering", "management", "institutional arrangements",
        "decision making", "gouvernance", "pilotage", "gestion", "dispositif institutionnel", "coordenacao",
        "governacao", "governanca", "gestao", "arranjos institucionais",
    ),
    "financing": (
        "financing", "funding", "budget", "costs", "cost", "finance", "who pays", "cost and financing",
        "resources", "financement", "cout", "couts", "ressources", "financiamento", "orcamento", "custo",
        "custos", "recursos",
    ),
    "skills_recognition": (
        "skills recognition", "recognition", "recognition of skills", "certification", "qualifications",
        "recognition of prior learning", "portability", "certificates", "reconnaissance des competences",
        "reconnaissance", "certifications", "validation des acquis", "reconhecimento de competencias",
        "reconhecimento", "certificacao", "qualificacoes",
    ),
    "protection": (
        "protection", "worker protection", "protection of workers", "workers rights", "welfare",
        "safeguards", "rights", "protection des travailleurs", "droits", "recours", "bien etre", "protecao",
        "proteccao", "protecao dos trabalhadores", "direitos", "bem estar", "salvaguardas",
    ),
    "results": (
        "results", "outcomes", "impact", "achievements", "outputs", "results and impact",
        "expected results", "effects", "resultats", "effets", "realisations", "resultats et impact",
        "resultados", "impacto", "efeitos", "resultados e impacto", "realizacoes",
    ),
    "challenges": (
        "challenges", "difficulties", "obstacles", "risks", "constraints", "problems",
        "risks and mitigation", "defis", "difficultes", "contraintes", "risques", "desafios",
        "dificuldades", "obstaculos", "constrangimentos", "riscos",
    ),
    "lessons": (
        "lessons", "lessons learned", "lessons learnt", "recommendations", "learning", "advice", "lecons",
        "enseignements", "lecons apprises", "recommandations", "lecons tirees", "licoes",
        "licoes aprendidas", "recomendacoes", "ensinamentos",
    ),
    "transferability": (
        "transferability", "replicability", "replication", "sustainability", "scaling up", "scalability",
        "conditions for replication", "transferabilite", "reproductibilite", "durabilite", "perennite",
        "transferibilidade", "replicabilidade", "sustentabilidade", "replicacao",
    ),
    "contact": (
        "contact", "contacts", "contact details", "contact institution", "focal point", "coordonnees",
        "contacto", "contactos", "contato", "ponto focal",
    ),
    "sources": (
        "sources", "references", "evidence", "bibliography", "documents", "further reading",
        "documentation", "bibliographie", "documents de reference", "preuves", "fontes", "referencias",
        "bibliografia", "evidencias",
    ),
}  # fmt: skip
