package io.millrace.local.application;

import io.millrace.local.supervision.Addresses;
import io.millrace.local.supervision.Service;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Sends the definitions of an application to the services that own them, and says what that changed. */
final class Definitions {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpJson http;
    private final Addresses addresses;

    Definitions(HttpJson http, Addresses addresses) {
        this.http = http;
        this.addresses = addresses;
    }

    /** What happened to one definition, as {@code features: version 2 (changed)}. */
    record Applied(String what, String change) {

        @Override
        public String toString() {
            return what + ": " + change;
        }
    }

    /** Sends the feature definitions, if there are any. */
    List<Applied> features(ApplicationFolder folder) throws DefinitionException, InterruptedException {
        var applied = new ArrayList<Applied>();
        var features = folder.features();
        if (features.isPresent()) {
            String url = addresses.url(Service.FEATURE) + "/v1/feature-definitions";
            applied.add(put("features", url, "application/yaml", features.get()));
        }
        return applied;
    }

    /** Sends each collection. */
    List<Applied> collections(ApplicationFolder folder) throws DefinitionException, InterruptedException {
        var applied = new ArrayList<Applied>();
        for (Map.Entry<String, String> each : folder.collections().entrySet()) {
            String url = addresses.url(Service.VECTOR) + "/v1/collections/" + each.getKey();
            applied.add(put("collection " + each.getKey(), url, "application/json", each.getValue()));
        }
        return applied;
    }

    /** Sends the application with its sources, if there is one. */
    List<Applied> application(ApplicationFolder folder) throws DefinitionException, InterruptedException {
        var applied = new ArrayList<Applied>();
        var application = folder.application();
        if (application.isPresent()) {
            String name = application.get().name();
            String url = addresses.url(Service.APP) + "/v1/applications/" + name;
            applied.add(put(
                    "application " + name,
                    url,
                    "application/json",
                    application.get().body()));
        }
        return applied;
    }

    /** Asks again for as long as the owner, or somebody whom it asks, is not there yet. */
    private HttpJson.Answer put(String url, String contentType, String body) throws IOException, InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        HttpJson.Answer answer = http.put(url, contentType, body);
        while (answer.status() == 503 && Instant.now().isBefore(until)) {
            TimeUnit.MILLISECONDS.sleep(200);
            answer = http.put(url, contentType, body);
        }
        return answer;
    }

    private Applied put(String what, String url, String contentType, String body)
            throws DefinitionException, InterruptedException {
        try {
            HttpJson.Answer before = http.get(url);
            HttpJson.Answer answer = put(url, contentType, body);
            if (!answer.isSuccess()) {
                throw new DefinitionException("The definition of " + what + " was refused, " + answer.problem());
            }
            HttpJson.Answer after = http.get(url);
            JsonNode version = answer.body().path("version");
            String change = !before.isSuccess() ? "new" : before.text().equals(after.text()) ? "unchanged" : "changed";
            return new Applied(
                    what, version.isMissingNode() ? change : "version " + version.asString() + " (" + change + ")");
        } catch (IOException e) {
            throw new DefinitionException("The definition of " + what + " cannot be sent to " + url + ": " + e, e);
        }
    }
}
