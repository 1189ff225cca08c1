"""What is somebody's, and what is only a number."""

SOMEBODYS = """
Write to jane.doe@example.org about the RPL pilot
contact: Amina.O'Neil+work@ministry.go.ke please
my address is m_ali@sub.domain.co.tz, answer there
écrivez à jean-paul.n'diaye@univ-dakar.sn
jane (at) example.org wants to know
jane [at] example [dot] org wants to know
mail me: joão.silva@câmara.pt
اكتب إلى ahmed@example.eg من فضلك
Call +254 712 345 678 for the visa
+254712345678 is my number, who pays?
00254 712 345 678
+27 (0)82 123 4567
+33 6 12 34 56 78 est mon numéro
0033612345678
+44 7700 900123
+351 912 345 678
+221 77 123 45 67
+225 07 07 12 34 56
+234 803 123 4567
+1 (202) 555-0123
+971 50 123 4567
+251-911-123456
+212 661-123456
+20 100 123 4567
0712 345 678
0712345678
0712-345-678
07 12 34 56 78
06.12.34.56.78
020 7946 0958
(020) 7946 0958
(0)82 123 4567
082 123 4567
0803 123 4567
024 412 3456
0911 12 34 56
0244123456
077 1234567
77 123 45 67
84 123 4567
6 77 12 34 56
70 12 34 56
20 123 456
912 345 678
923 123 456
612 34 56 78
91 234 5678
٠٧١٢٣٤٥٦٧٨
رقم الهاتف ٠٧١٢ ٣٤٥ ٦٧٨
هاتف: 55 12 34
simu 0655 123 456
simu yangu ni 754123456
piga 255754123456
tel: 555-0123
Tel0712345678
whatsapp 254712345678
My ID is 12345678, can I apply?
kitambulisho 23456789
passport A1234567
passport AK0123456
passeport 12AB34567 et 0712345678
A01234567
national id number 8001015009087
8001015009087
29810158765432
CM860321045RLA
GHA-123456789-0
A001234567B
123456/78/1
19900101-14122-00001-23
1 1990 8 0012345 0 12
QQ 12 34 56 C
FR76 3000 6000 0112 3456 7890 189
4111 1111 1111 1111
4111-1111-1111-1111
iban: GB29 NWBK 6016 1331 9268 19
BVN 22123456789
my number 12345678901 is not accepted
ID no. 3456789
carte d'identité 1234567
call me: 0722-000-111
+254722000111
Mon téléphone est le 06 98 76 54 32, merci
meu telefone é 258 84 123 4567
+258 84 123 45 67
00 27 82 123 4567
+234(0)8031234567
Ligue 21 312 3456
reach us at info@cop-migration.africa or 020 2345678
ruhusa@kazi.go.tz, namba 0655-123-456
kitambulisho namba 30123456
pasipoti BN1234567
my NIN is CF920101ABCDE1 and 61234567890
passport number G 12345678
EAC passport PA0123456
UG: 0772 12 34 56
+216 20 123 456
+213 550 12 34 56
+237 6 77 12 34 56
+243 81 234 5678
""".strip().splitlines()
NOBODYS = """
300,000 workers
300 000 workers
300.000 trabalhadores
1 800 places
1,800 places
US$ 1,250
US$ 12 500 000
US$1250000 a year
A$300 and A$800
KSh 14,000 (Sept 2024)
KES 12345678
15 000 000 FCFA
15 000 000 francs CFA
1 234 567 workers
1 500 000 jobs
12500000 shillings
12,500,000
2,500,000,000
2 500 000 000
3.5 million
0.75 per cent
2019-2024
2019–2024
2019/2020
2019-20
2019 2020 2021
2019, 2020 and 2021
between 2019 and 2024
2024-03-15
15/03/2024
15.03.2024
2024-03-15 10:30
2024-03-15 to 2024-06-30
15-03-2024
20240315
15 March 2024
from 12:30 to 13:05
at 1:02:30
10-15 weeks in 2023
pages 12-15
pp. 120-135
articles 10, 11, 12 and 13
C097 and C143 of the ILO
Convention No. 97 (1949)
ISO 9001
ISO 21001:2018
ISCO-08 code 5322
NACE 87.30
A/RES/73/195
Regulation (EU) 2016/679
Directive 2009/50/EC
level 4 of 10
subclass 403
subclass 482
phase 2, 2023-2027
26 weeks, 46 hours, 60%
1800 workers by 2030
10 000 par an
100.000 vagas
watu 300,000
٣٠٠٬٠٠٠ عامل
٢٠١٩-٢٠٢٤
webinar 3 of 11 April 2024
ages 18-35
a ratio of 1:4
1,234,567.89
+300 000 jobs
+1 200 000 jobs
the top 100 000
SDG 8, SDG 10.7
Objective 18 of the GCM
24/7 helpline
number of workers 300 000
call for 300,000 workers
call 2024-2025
a budget of 350000 euros
EUR 1 250 000
5 000 000 €
100 000 000 people
2,300 nurses in 2022/23
KSh 1.2 million
A$1,000-1,500 a month
€ 900 to € 1 200
USD 45 000 000 over 2020-2025
between 1 January 2023 and 31 December 2024
from 2023-01-01 to 2024-12-31
section 5(2)(b)
ILO C189 and R201
Law 12/2019
ISCED 3
1:30 p.m. to 2:45 p.m.
GMT+3
0.5 to 1.5 per cent
population of 1 400 000 000
45 % of 12 000
in 1998, 2003, 2008
15 to 20 hours
item 10.3.2.1
version 2.10.4
""".strip().splitlines()
