package io.millrace.app.records;

/** A record could not be kept in time, though its answer must not leave without it. */
public final class RecordUnavailableException extends Exception {

    RecordUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
