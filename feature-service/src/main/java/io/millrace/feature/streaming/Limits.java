package io.millrace.feature.streaming;

import org.springframework.util.unit.DataSize;

/**
 * How large what the stream writes may become, in bytes. All are below what Kafka takes, so that no event can stop the
 * stream.
 *
 * @param key of a row, which holds the entity's id
 * @param update what one event adds to one view
 * @param state what is known of one entity in one view
 * @param row its values
 */
record Limits(int key, int update, int state, int row) {

    /** Kafka takes records of a mebibyte; something is left for headers and the batch. */
    private static final int ROW = (1 << 20) - (32 << 10);

    private static final int KEY = 4 << 10;

    static Limits of(DataSize largestState) {
        int state = Math.toIntExact(largestState.toBytes());
        return new Limits(KEY, state / 2, state, ROW);
    }
}
