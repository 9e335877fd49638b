package io.millrace.app.api;

import io.millrace.starter.problem.ProblemException;
import io.millrace.wire.Problem;
import io.millrace.wire.ProblemType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads bodies whose fields depend on definitions, and collects what is wrong in them. */
final class StrictJson {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Enough to see what is wrong, and no way to make a small body into a large answer. */
    private static final int MOST_VIOLATIONS = 20;

    private final List<Problem.Violation> violations = new ArrayList<>();
    private int more;

    /** The object in this body. */
    static JsonNode object(byte[] body) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JacksonException e) {
            throw new ProblemException(
                    ProblemType.MALFORMED_BODY,
                    "send one JSON object; this body is not JSON: " + e.getOriginalMessage());
        }
        if (!json.isObject()) {
            throw new ProblemException(ProblemType.MALFORMED_BODY, "send one JSON object");
        }
        return json;
    }

    /** The part of a pointer that names this field. */
    static String pointer(String field) {
        return "/" + field.replace("~", "~0").replace("/", "~1");
    }

    void refuse(String pointer, String code, String detail) {
        if (violations.size() < MOST_VIOLATIONS) {
            violations.add(new Problem.Violation(pointer, code, detail));
        } else {
            more++;
        }
    }

    /** Refuses each field of this object that is not known. */
    void onlyKnown(JsonNode object, String pointer, List<String> known) {
        object.propertyNames().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> refuse(
                        pointer + pointer(name),
                        "unknown-field",
                        "there is no field \"" + name + "\" here; known are " + String.join(", ", new TreeSet<>(known))
                                + "; leave it out"));
    }

    void onlyKnown(JsonNode object, String pointer, String... known) {
        onlyKnown(object, pointer, Arrays.asList(known));
    }

    boolean isClean() {
        return violations.isEmpty();
    }

    Problem problem() {
        return Problem.of(ProblemType.VALIDATION, detail(), violations.toArray(Problem.Violation[]::new));
    }

    void throwIfAny() {
        if (!isClean()) {
            throw new ProblemException(ProblemType.VALIDATION, detail(), violations.toArray(Problem.Violation[]::new));
        }
    }

    private String detail() {
        return more == 0 ? "change what errors names" : "change what errors names, and " + more + " more of the kind";
    }
}
