package io.millrace.vector.ingestion;

import java.util.Locale;

/** What became of a record. */
enum Outcome {
    /** The point is in its index. */
    UPSERTED,
    /** The point is not there any more. */
    DELETED,
    /** The index has a newer version. */
    STALE,
    /** The point belongs to an embedding space that is not kept any more. */
    RETIRED,
    /** The point went to the dead letters. */
    REFUSED;

    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
