package io.millrace.benchmarks.storefront;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What came back for a request. Only a whole answer counts. */
public sealed interface Answer {

    /** For use by many threads. */
    JsonMapper JSON = new JsonMapper();

    /** Every part did its work, and there are as many results as were asked for. */
    record Whole(JsonNode body) implements Answer {}

    /** An answer that says itself what was missing from it. */
    record Degraded(String how) implements Answer {}

    /** A 200 with too few results. */
    record Short(int results) implements Answer {}

    /** Anything else; {@code how} is the status and the problem's type, or the exception. */
    record Failed(String how) implements Answer {}

    /** Reads an answer to a request for so many results. */
    static Answer of(int status, byte[] bytes, int limit) {
        JsonNode body;
        try {
            body = JSON.readTree(bytes);
        } catch (JacksonException e) {
            return new Failed(status + ", no JSON: " + e.getOriginalMessage());
        }
        if (status != 200) {
            return new Failed(status + " " + body.path("type").asString("") + ": "
                    + body.path("detail").asString(""));
        }
        if (!body.path("degraded").isEmpty()) {
            return new Degraded(body.path("degraded").toString());
        }
        int results = body.path("results").size();
        return results == limit ? new Whole(body) : new Short(results);
    }
}
