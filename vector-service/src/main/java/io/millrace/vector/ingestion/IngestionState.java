package io.millrace.vector.ingestion;

/** How the reading of the topic stands. */
sealed interface IngestionState {

    /** Reads what was in the topic at the start. */
    record CatchingUp(long behind) implements IngestionState {}

    /** Has read all that was there at the start; what comes is searchable within a second. */
    record CaughtUp() implements IngestionState {}

    /**
     * The broker does not answer.
     *
     * @param searchable whether searches go on with the points that are known
     */
    record BrokerAway(String cause, boolean searchable) implements IngestionState {}

    /** An index cannot be written any more; only a restart helps. */
    record Failed(String cause) implements IngestionState {}
}
