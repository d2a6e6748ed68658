"""Everything that can be set, from `SHENGJIAN_…` in the environment."""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from classifiers.errors import BadInput, first_mistake
from classifiers.model import SHIPPED


class EngineName(StrEnum):
    """The recognisers."""

    faster_whisper = "faster-whisper"
    whisper = "whisper"


class Settings(BaseSettings):
    """The settings of one process. Each field is read from `SHENGJIAN_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="SHENGJIAN_", extra="ignore")

    home: Path = Field(default=Path("~/.shengjian"), description="the workspace: database and recordings")
    database_url: str | None = Field(default=None, description="postgresql://… to leave SQLite")
    blobs: str | None = Field(default=None, description="s3://… or a folder for the recordings")
    models: Path = Field(default=Path("~/.shengjian/models"), description="weights, whatever the workspace")
    engine: EngineName = Field(default=EngineName.faster_whisper, description="the recogniser")
    model: str = Field(default="base", description="a size, a folder with weights, or a hub name")
    threads: int = Field(default=0, ge=0, description="threads for recognition; 0 leaves it to the engine")
    beam_size: int = Field(default=5, ge=1, description="hypotheses kept while decoding")
    names: Path | None = Field(
        default=None, description="a file of your lenders', products' and staff's names to expect"
    )
    collector_channel: Literal["left", "right", "auto"] = Field(
        default="auto", description="the collector's side in stereo; auto goes by what is said"
    )
    classifier: Path | None = Field(default=None, description="a folder made by shengjian train, for the shipped model")
    pack: str = Field(default="cn", description="a shipped rule pack's name, or a folder")
    limits: str = Field(default="cn", description="shipped contact limits by name (cn, us, uk), or a file")
    templates: Path | None = Field(default=None, description="a folder of your own Word templates, KIND.docx")
    wording: Path | None = Field(default=None, description="a file of your own wording for training")
    key: str | None = Field(default=None, description="64 hexadecimal digits that personal numbers are encrypted with")

    @property
    def workspace(self) -> Path:
        """The workspace's folder."""
        return self.home.expanduser().resolve()

    @property
    def weights(self) -> Path:
        """The folder of all weights."""
        return self.models.expanduser().resolve()

    @property
    def text_model(self) -> Path:
        """The folder of the model that judges lines."""
        return self.classifier.expanduser().resolve() if self.classifier else SHIPPED

    @property
    def database(self) -> str:
        """The database's address as SQLAlchemy wants it."""
        if not self.database_url:
            return f"sqlite:///{self.workspace / 'shengjian.sqlite'}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def blob_address(self) -> str:
        """Where the recordings lie: an address or a folder."""
        return self.blobs or str(self.workspace / "blobs")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process. Raises BadInput naming the variable that does not hold."""
    try:
        return Settings()
    except ValidationError as error:
        mistake = first_mistake(error)
        name = f"SHENGJIAN_{mistake.place[0]}".upper()
        raise BadInput(f"{name}: {mistake.problem}", "see docs/settings.md") from error
