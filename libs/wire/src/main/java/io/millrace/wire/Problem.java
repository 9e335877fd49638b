package io.millrace.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong and what to change, as {@code application/problem+json} (RFC 9457).
 *
 * @param type a path that says which problem it is; the gateway explains it there
 * @param title the same for every occurrence
 * @param status the HTTP status
 * @param detail what to change in this request
 * @param instance the request's id
 * @param errors one for each part of the request that is wrong
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable String instance,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<Violation> errors) {

    /** The media type of a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /**
     * One wrong part of a request.
     *
     * @param pointer where, as a JSON pointer (RFC 6901)
     * @param code {@code unknown-field}, {@code wrong-type}, {@code out-of-range}, {@code required} or {@code invalid}
     * @param detail what to change
     */
    public record Violation(String pointer, String code, String detail) {}

    public Problem {
        errors = List.copyOf(errors);
    }

    /** A problem of this type. */
    public static Problem of(ProblemType type, String detail, Violation... errors) {
        return new Problem(type.path(), type.title(), type.status(), detail, null, List.of(errors));
    }

    /** The same problem, of the request with this id. */
    public Problem at(@Nullable String requestId) {
        return new Problem(type, title, status, detail, requestId, errors);
    }
}
