"""Forms of the account slice."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired

from portal.forms import LineField, PortalForm


class LoginForm(PortalForm):
    """Name and password."""

    username = LineField(_l("账号"), longest=60, needed=True)
    password = PasswordField(_l("密码"), validators=[InputRequired(message=_l("请填写这一项"))])


class PasswordForm(PortalForm):
    """A new password, typed twice, with the present one."""

    present = PasswordField(_l("现在的密码"), validators=[InputRequired(message=_l("请填写这一项"))])
    password = PasswordField(_l("新密码"), validators=[InputRequired(message=_l("请填写这一项"))])
    again = PasswordField(
        _l("再输一次新密码"), validators=[EqualTo("password", message=_l("两次输入不一样"))]
    )
