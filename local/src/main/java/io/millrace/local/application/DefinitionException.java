package io.millrace.local.application;

import java.io.Serial;

/** A definition that cannot be sent or was refused; the message says which and why. */
public final class DefinitionException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    public DefinitionException(String message) {
        super(message);
    }

    public DefinitionException(String message, Throwable cause) {
        super(message, cause);
    }
}
