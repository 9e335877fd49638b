package io.millrace.inference.batching;

import java.util.Locale;

/** Why a batch ran with the rows it had. */
enum CloseReason {
    /** More rows would not have made it faster, or not have fitted. */
    FULL,
    /** An instance was idle, and nothing more was there. */
    IDLE,
    /** A request had been held back as long as the model allows. */
    DELAY,
    /** A request's deadline left no more time. */
    DEADLINE,
    /** What waited had rows of another shape. */
    SHAPE;

    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
