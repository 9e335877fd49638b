package io.millrace.storefront.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Other pipelines made of the served one's definition, so that an evaluation can look at its parts. Each is an application of
 * its own that nothing but the evaluation asks.
 */
final class Variants {

    /** The candidates as retrieval finds them. */
    static final String RETRIEVAL = "storefront-retrieval-only";

    /** The ranker's order, without the rules that come after it. */
    static final String RANKING = "storefront-ranking-only";

    private static final Set<String> AFTER_RETRIEVAL = Set.of("items", "rank");

    private Variants() {}

    /** Up to 200 candidates in the order of retrieval. */
    static String retrieval(String definition) {
        List<String> lines = new ArrayList<>();
        boolean left = false;
        for (String line : common(definition, RETRIEVAL)) {
            if (line.startsWith("  - id: ")) {
                left = AFTER_RETRIEVAL.contains(
                        line.substring("  - id: ".length()).strip());
            }
            if (!left) {
                lines.add(line.startsWith("  limit:") ? "  limit: {default: 200, max: 200}" : line);
            }
        }
        return String.join("\n", lines) + "\n";
    }

    /** The ranked candidates. */
    static String ranking(String definition) {
        return String.join("\n", common(definition, RANKING)) + "\n";
    }

    /**
     * The definition under another name, without sources and fallbacks, and with nothing after the last order but a cut. What
     * a list is worth is asked here, not how soon it comes: steps have all the time of a longer deadline.
     */
    private static List<String> common(String definition, String name) {
        List<String> lines = new ArrayList<>();
        boolean left = false;
        for (String line : definition.lines().toList()) {
            if (line.matches("\\w+:.*")) {
                left = line.startsWith("sources:");
            }
            String key = line.strip();
            if (left || key.startsWith("on_failure:") || key.startsWith("timeout:")) {
                continue;
            }
            if (line.startsWith("application:")) {
                lines.add("application: " + name);
            } else if (line.startsWith("deadline:")) {
                lines.add("deadline: 5s");
            } else if (key.startsWith("post:")) {
                lines.add("    post: [{top: $.limit}]");
            } else {
                lines.add(line);
            }
        }
        return lines;
    }
}
