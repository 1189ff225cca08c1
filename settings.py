"""What the environment says, read once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.models import BUNDLED

if TYPE_CHECKING:
    from community.community import Arrangements


class Settings(BaseSettings):
    """What the environment says: ``UJUZI_DATA``, ``UJUZI_LLM_URL`` and so on."""

    model_config = SettingsConfigDict(env_prefix="UJUZI_", env_ignore_empty=True, frozen=True)

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 7860
    embedder: str = BUNDLED
    llm_url: str = ""
    llm_model: str = ""
    llm_key: SecretStr = SecretStr("")
    site: str = ""  # where readers find it; by default where it listens
    domains: str = ""  # of e-mail addresses whose owners need no approval, with commas between
    mail_server: SecretStr = SecretStr("")
    mail_sender: str = ""
    openid_issuer: str = ""
    openid_client: str = ""
    openid_secret: SecretStr = SecretStr("")
    openid_label: str = "your organisation"
    question_days: int = 30
    largest_file: int = 50  # megabytes

    def arranged(self) -> Arrangements:
        """What of this concerns the community."""
        from community.accounts.openid import House
        from community.community import Arrangements

        secret = self.openid_secret.get_secret_value()
        house = House(self.openid_issuer, self.openid_client, secret, self.openid_label)
        return Arrangements(
            site=self.site or f"http://{self.host}:{self.port}",
            domains=frozenset(filter(None, self.domains.replace(",", " ").lower().split())),
            mail_server=self.mail_server.get_secret_value(),
            mail_sender=self.mail_sender,
            house=house if self.openid_issuer else None,
            question_days=self.question_days,
            largest_file=self.largest_file * 1_000_000,
        )
