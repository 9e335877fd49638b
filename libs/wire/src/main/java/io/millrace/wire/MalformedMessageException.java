package io.millrace.wire;

/** Bytes from a topic are not the message they should be. They belong in the topic's dead letters. */
public final class MalformedMessageException extends Exception {

    MalformedMessageException(String message) {
        super(message);
    }

    MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
