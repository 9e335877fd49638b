package io.millrace.feature.streaming;

import com.google.common.hash.HashCode;
import java.nio.ByteBuffer;

/** The event ids of a replay with the time of their ingestion, 24 bytes each in an open hash table. */
final class SeenIds {

    private static final int WORDS = 3; // two of the hash, one of the time

    private long[] table = new long[WORDS << 16];
    private int size;

    /** Whether this id was accepted in the time that ids are remembered; it is accepted now if not. */
    boolean isRepeated(HashCode id, long ingestionMillis) {
        if (2 * size >= table.length / WORDS) {
            grow();
        }
        ByteBuffer words = ByteBuffer.wrap(id.asBytes());
        long first = words.getLong() | 1; // 0 marks a free place
        long second = words.getLong();
        int place = place(table, first, second);
        if (table[place] != 0) {
            if (table[place + 2] >= ingestionMillis - EventIds.REMEMBERED.toMillis()) {
                return true;
            }
        } else {
            size++;
        }
        put(table, place, first, second, ingestionMillis);
        return false;
    }

    private static int place(long[] table, long first, long second) {
        int places = table.length / WORDS;
        int place = (int) Math.floorMod(second, (long) places);
        while (table[place * WORDS] != 0 && (table[place * WORDS] != first || table[place * WORDS + 1] != second)) {
            place = place + 1 == places ? 0 : place + 1;
        }
        return place * WORDS;
    }

    private static void put(long[] table, int place, long first, long second, long time) {
        table[place] = first;
        table[place + 1] = second;
        table[place + 2] = time;
    }

    private void grow() {
        long[] larger = new long[2 * table.length];
        for (int i = 0; i < table.length; i += WORDS) {
            if (table[i] != 0) {
                put(larger, place(larger, table[i], table[i + 1]), table[i], table[i + 1], table[i + 2]);
            }
        }
        table = larger;
    }
}
