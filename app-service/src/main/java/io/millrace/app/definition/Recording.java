package io.millrace.app.definition;

/** When the record of a prediction is kept. */
public enum Recording {
    /** After the answer: an answer never waits for its record. */
    ASYNC,
    /** Before the answer: without a record there is none. */
    REQUIRED
}
