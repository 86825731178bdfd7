"""The errors a person may see, and the ones only an operator should."""


class Refusal(Exception):
    """A refusal with its Chinese reason, shown to the user as it is; everything done so far rolls back."""

    def __init__(self, message: str, code: str = ""):
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return self.message


class Unavailable(Refusal):
    """A refusal that is nobody's mistake at the desk: nothing can be written just now, the same may go later."""


class SealBroken(Exception):
    """Stored ciphertext does not belong to this row and column, was changed, or its key is not in the ring."""
