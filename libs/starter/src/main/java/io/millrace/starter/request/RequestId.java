package io.millrace.starter.request;

import io.millrace.wire.UuidV7;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request's id: the caller's own where it is harmless, else a new one. */
public final class RequestId {

    /** The header with the id, in requests, in answers and between services. */
    public static final String HEADER = "X-Request-Id";

    /** The key of the id in the log context. */
    public static final String LOG_KEY = "request_id";

    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RequestId() {}

    /** The id to use for a request that came with this header, at this moment in milliseconds since 1970. */
    public static String of(@Nullable String header, long epochMillis) {
        return header != null && HARMLESS.matcher(header).matches()
                ? header
                : UuidV7.at(epochMillis).toString();
    }
}
