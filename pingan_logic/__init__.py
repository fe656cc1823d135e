"""pingan_logic: the nine safe-unit (平安) standards as answer-set rules.

>>> import pingan_logic
>>> facts = pingan_logic.Facts(units=[pingan_logic.Unit("H-1", "household")])
>>> pingan_logic.evaluate(facts, year=2014)["H-1"].status
<Status.UNDETERMINED: 'undetermined'>
"""

from pingan_logic.bound import bind

TYPE_CHECKING = False  # as in typing, which takes long to import

__version__: str
"""The version of the library."""


def _assessment():  # type: ignore[no-untyped-def]
    from pingan_logic.asking import Assessment

    return Assessment


def _conversions():  # type: ignore[no-untyped-def]
    from pingan_logic import conversions

    return conversions


def _margin_text():  # type: ignore[no-untyped-def]
    from pingan_logic.questions.text import margin_text

    return margin_text


def _missing_text():  # type: ignore[no-untyped-def]
    from pingan_logic.questions.text import missing_text

    return missing_text


def _programme_text():  # type: ignore[no-untyped-def]
    from pingan_logic.programme.text import programme_text

    return programme_text


def _remedy_text():  # type: ignore[no-untyped-def]
    from pingan_logic.questions.fix_text import remedy_text

    return remedy_text


bind(
    assessment=_assessment,
    conversions=_conversions,
    margin_text=_margin_text,
    missing_text=_missing_text,
    programme_text=_programme_text,
    remedy_text=_remedy_text,
)

if TYPE_CHECKING:
    from pingan_logic.public import *  # noqa: F403
else:
    import sys

    def __getattr__(name):
        """Load the library when it is first used: a command must answer interrupts before that."""
        if name == "__version__":
            from importlib.metadata import version

            return version("pingan-logic")
        if name.startswith("__") and name != "__all__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        public = import_module(f"{__name__}.public")
        # a module of the package is an attribute of it once it is imported
        found = getattr(public, name, None) or globals().get(name)
        if found is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return found

    def __dir__():
        return sorted({*globals(), *__getattr__("__all__")})

    class _Package(type(sys)):
        def __setattr__(self, name, value):
            """Keep a question from being hidden by the package of the same name, which importing
            that makes an attribute of this one."""
            if name not in ("audit", "certificate", "explain", "lint", "programme"):
                super().__setattr__(name, value)

    sys.modules[__name__].__class__ = _Package
