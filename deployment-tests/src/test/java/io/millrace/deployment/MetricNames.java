package io.millrace.deployment;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.millrace.testing.MetricsPage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The names in a PromQL expression, and those that somebody exports. */
final class MetricNames {

    /** What Micrometer makes of a meter's name, by the kind of the meter. */
    private static final List<String> SUFFIXES =
            List.of("", "_total", "_sum", "_count", "_max", "_seconds_sum", "_seconds_count", "_seconds_max");

    /** The one timer that publishes a histogram, and so can be asked for quantiles over replicas. */
    private static final String HISTOGRAM = "millrace_app_prediction_seconds_bucket";

    /** Of Spring Boot, the JVM and Prometheus itself. */
    private static final Set<String> OF_OTHERS = Set.of(
            "up",
            "http_server_requests_seconds_count",
            "http_server_requests_seconds_sum",
            "jvm_memory_used_bytes",
            "process_cpu_usage");

    private static final Pattern NOT_NAMES = Pattern.compile(
            "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_:]*(?![a-zA-Z0-9_:]|\\s*\\()");
    private static final Set<String> WORDS = Set.of("by", "without", "and", "or", "unless", "bool", "offset", "inf");

    private final Set<String> exported;

    /** @param recorded the names that rules record under */
    MetricNames(Set<String> recorded) {
        this.exported = Stream.of(
                        MetricsPage.rows("millrace.").stream()
                                .map(row -> row.substring(0, row.indexOf(':')).replace('.', '_'))
                                .flatMap(name -> SUFFIXES.stream().map(name::concat)),
                        Stream.of(HISTOGRAM),
                        OF_OTHERS.stream(),
                        recorded.stream())
                .flatMap(names -> names)
                .collect(toUnmodifiableSet());
    }

    /** Every metric that an expression reads. */
    static Set<String> in(String expression) {
        String bare = NOT_NAMES.matcher(expression).replaceAll(" ");
        return NAME.matcher(bare)
                .results()
                .map(match -> match.group())
                .filter(name -> !WORDS.contains(name))
                .collect(toCollection(LinkedHashSet::new));
    }

    boolean isExported(String name) {
        return exported.contains(name);
    }
}
