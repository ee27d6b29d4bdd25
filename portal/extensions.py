"""The Flask extensions, bare: ``create_app`` binds them to an application."""

from flask import current_app
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from werkzeug.local import LocalProxy

from portal.database import Base
from portal.storage import FileStore

db = SQLAlchemy(model_class=Base)
migrate = Migrate(render_as_batch=True, compare_type=True)
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()
# The file store of the application at work; ``create_app`` makes it.
files: FileStore = LocalProxy(lambda: current_app.extensions["files"])
