package io.millrace.gateway.admission;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a trace, as the header {@code traceparent} has it (W3C Trace Context, level 1).
 *
 * @param traceId 32 hexadecimal digits, the same for the whole trace
 * @param parentId 16 hexadecimal digits, the caller's span
 * @param flags 2 hexadecimal digits
 */
record TraceParent(String traceId, String parentId, String flags) {

    static final String HEADER = "traceparent";

    private static final Pattern VERSION_00 = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");
    private static final String SAMPLED = "01";

    /** A span of the gateway's under the caller's, or in a new trace where the caller has none that is valid. */
    static TraceParent under(@Nullable String header, RandomGenerator random) {
        Matcher matcher = VERSION_00.matcher(header == null ? "" : header);
        boolean valid = matcher.matches() && !zero(matcher.group(1)) && !zero(matcher.group(2));
        return new TraceParent(
                valid ? matcher.group(1) : hex(random) + hex(random), hex(random), valid ? matcher.group(3) : SAMPLED);
    }

    @Override
    public String toString() {
        return "00-" + traceId + "-" + parentId + "-" + flags;
    }

    private static String hex(RandomGenerator random) {
        return HexFormat.of().toHexDigits(random.nextLong() | 1); // an id of zeros is not valid
    }

    private static boolean zero(String id) {
        return id.chars().allMatch(digit -> digit == '0');
    }
}
