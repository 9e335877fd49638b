package io.millrace.app.pipeline;

/** A neighbour that is needed to check a definition cannot be reached. */
public final class NeighbourAwayException extends Exception {

    NeighbourAwayException(String neighbour, Throwable cause) {
        super(neighbour + " cannot be reached: " + cause.getMessage(), cause);
    }
}
