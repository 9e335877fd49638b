package io.millrace.storefront.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ids and the dense numbers they have while a model is trained. */
public final class Vocabulary {

    /** The number of an id that is not there. */
    public static final int UNKNOWN = -1;

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> ids = new ArrayList<>();

    /** The id's number, a new one if needed. */
    int add(String id) {
        Integer known = numbers.putIfAbsent(id, ids.size());
        if (known != null) {
            return known;
        }
        ids.add(id);
        return ids.size() - 1;
    }

    /** The id's number, or {@link #UNKNOWN}. */
    int find(String id) {
        return numbers.getOrDefault(id, UNKNOWN);
    }

    /** The id with this number. */
    public String id(int number) {
        return ids.get(number);
    }

    /** All ids, by number. */
    public List<String> ids() {
        return Collections.unmodifiableList(ids);
    }

    public int size() {
        return ids.size();
    }
}
