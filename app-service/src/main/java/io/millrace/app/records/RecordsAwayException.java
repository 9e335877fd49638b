package io.millrace.app.records;

/** The records cannot be looked up: Postgres cannot be reached. */
public final class RecordsAwayException extends Exception {

    RecordsAwayException(Throwable cause) {
        super("Postgres cannot be reached: " + cause.getMessage(), cause);
    }
}
