package io.millrace.app.application;

/** Postgres cannot be reached, so nothing can be added. */
public final class StoreUnavailableException extends Exception {

    StoreUnavailableException(Throwable cause) {
        super("Postgres cannot be reached: " + cause.getMessage(), cause);
    }
}
