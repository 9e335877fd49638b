package io.millrace.local.application;

import io.millrace.local.supervision.Addresses;
import io.millrace.local.supervision.Service;
import io.millrace.local.supervision.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Asks the gateway for the storefront's predictions and tells it of events, with the demo key. */
final class Predictions {

    private final HttpJson http;
    private final String gateway;
    private final Map<String, String> headers;

    Predictions(HttpJson http, Addresses addresses, StateFolder state) throws IOException {
        this.http = http;
        this.gateway = addresses.url(Service.GATEWAY);
        this.headers = Map.of(
                "Authorization", "Bearer " + Files.readString(state.demoKey()).strip());
    }

    /** One recommended item. */
    record Item(String id, String description, double score) {}

    static Map<String, Object> request(String customer, int limit) {
        var request = new LinkedHashMap<String, Object>();
        request.put("entities", Map.of("customer", customer));
        request.put("context", Map.of("page", "home"));
        request.put("limit", limit);
        return request;
    }

    HttpJson.Answer ask(String customer, int limit) throws IOException, InterruptedException {
        return http.post(gateway + "/v1/applications/storefront/predictions", request(customer, limit), headers);
    }

    HttpJson.Answer tell(List<Map<String, Object>> events) throws IOException, InterruptedException {
        return http.post(gateway + "/v1/events", Map.of("events", events), headers);
    }

    static List<Item> items(HttpJson.Answer answer) {
        var items = new ArrayList<Item>();
        for (JsonNode result : answer.body().path("results")) {
            items.add(new Item(
                    result.path("id").asString(),
                    result.path("fields").path("description").asString(""),
                    result.path("score").asDouble()));
        }
        return items;
    }

    /** Whether the answer is what a customer should get: whole, and from every part. */
    static boolean isWhole(HttpJson.Answer answer) {
        JsonNode body = answer.body();
        return answer.status() == 200
                && body.path("degraded").isEmpty()
                && !body.path("results").isEmpty();
    }
}
