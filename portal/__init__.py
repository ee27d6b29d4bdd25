"""The School Cluster Portal (片区协同平台): ``create_app`` reads like a table of contents."""

import os

from flask import Flask

from portal import (
    addresses,
    cli,
    compressed_pages,
    config,
    errors,
    health,
    static_files,
    translation,
    uploads,
    vault,
    web,
)
from portal.extensions import babel, csrf, db, login, migrate
from portal.storage import FileStore


def create_app(settings: dict | None = None, environ: dict | None = None) -> Flask:
    """Build the application from the environment; ``settings`` go before it (tests use both)."""
    app = Flask(__name__, instance_relative_config=False)
    app.config.from_mapping(config.load(os.environ if environ is None else environ))
    app.config.from_mapping(settings or {})
    vault.use_keys([key.encode() for key in app.config["DATA_KEYS"]])
    app.extensions["files"] = FileStore(
        app.config["FILES"], app.config["FILES_PER_CLUSTER"], app.config["FILES_PER_PERSON"]
    )

    db.init_app(app)
    migrate.init_app(app, db, directory=str(config.ROOT / "migrations"))
    login.init_app(app)
    login.session_protection = None
    csrf.init_app(app)
    babel.domain_instance = translation.CountedDomain()
    babel.init_app(app, locale_selector=web.locale_of_request)
    translation.register(app)
    addresses.register(app)

    register_blueprints(app)
    uploads.register(app)
    compressed_pages.register(app)
    web.register(app)
    errors.register(app)
    health.register(app)
    cli.register(app)
    static_files.register(app)
    return app


def register_blueprints(app: Flask) -> None:
    """One blueprint a slice; its name is the word of the feature in every layer."""
    from portal.blueprints import SLICES

    for blueprint, prefix in SLICES:
        app.register_blueprint(blueprint, url_prefix=prefix or None)
