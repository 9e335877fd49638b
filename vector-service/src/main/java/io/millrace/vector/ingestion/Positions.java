package io.millrace.vector.ingestion;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far the topic has been read.
 *
 * @param next the offset to read next, by partition
 */
record Positions(SortedMap<Integer, Long> next) {

    private static final String MARK = "partition.";

    /**
     * Where to go on so that every index gets what it lacks: the least of their positions. An index without a position
     * needs all. Points that an index has already are no harm.
     */
    static Positions resume(List<Map<String, String>> marksOfIndexes) {
        SortedMap<Integer, Long> least = new TreeMap<>();
        for (int i = 0; i < marksOfIndexes.size(); i++) {
            Map<Integer, Long> of = parse(marksOfIndexes.get(i));
            if (i == 0) {
                least.putAll(of);
            } else {
                least.keySet().retainAll(of.keySet());
                least.replaceAll((partition, offset) -> Math.min(offset, of.getOrDefault(partition, 0L)));
            }
        }
        return new Positions(least);
    }

    private static Map<Integer, Long> parse(Map<String, String> marks) {
        Map<Integer, Long> offsets = new HashMap<>();
        marks.forEach((mark, offset) -> {
            if (mark.startsWith(MARK)) {
                offsets.put(Integer.valueOf(mark.substring(MARK.length())), Long.valueOf(offset));
            }
        });
        return offsets;
    }

    void read(int partition, long nextOffset) {
        next.put(partition, nextOffset);
    }

    /** As an index keeps it. */
    Map<String, String> marks() {
        Map<String, String> marks = new HashMap<>();
        next.forEach((partition, offset) -> marks.put(MARK + partition, Long.toString(offset)));
        return marks;
    }
}
