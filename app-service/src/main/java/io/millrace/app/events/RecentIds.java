package io.millrace.app.events;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ids accepted last, so many of them. It spares the stream most repetitions; that none counts twice is the stream's
 * guarantee.
 */
final class RecentIds {

    private final Map<String, Boolean> ids;

    RecentIds(int most) {
        this.ids = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > most;
            }
        };
    }

    synchronized boolean contains(String id) {
        return ids.containsKey(id);
    }

    synchronized void add(String id) {
        ids.put(id, true);
    }
}
