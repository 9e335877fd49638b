package io.millrace.vector.engine;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which points may come back: those that pass all of {@code must} and none of {@code mustNot}. A point without the key
 * fails every condition but {@code exists: false}.
 */
public record Filter(List<Condition> must, List<Condition> mustNot) {

    /** Lets every point through. */
    public static final Filter NONE = new Filter(List.of(), List.of());

    public Filter {
        must = List.copyOf(must);
        mustNot = List.copyOf(mustNot);
    }

    /** One test of one point. Values are a {@code String}, {@code Double}, {@code Long} or {@code Boolean}. */
    public sealed interface Condition {}

    /** The key has this value. */
    public record Match(String key, Object value) implements Condition {}

    /** The key has one of these values. */
    public record Any(String key, List<Object> values) implements Condition {
        public Any {
            values = List.copyOf(values);
        }
    }

    /** The key's number is inside these bounds. */
    public record Range(
            String key,
            @Nullable Double gt,
            @Nullable Double gte,
            @Nullable Double lt,
            @Nullable Double lte) implements Condition {}

    /** The key has a value, or has none. */
    public record Exists(String key, boolean exists) implements Condition {}

    /** The point has one of these ids. */
    public record Ids(Set<String> ids) implements Condition {
        public Ids {
            ids = Set.copyOf(ids);
        }
    }
}
