package io.millrace.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The latency of a storefront prediction through the gateway, with one caller that waits for each answer.
 *
 * <p>An answer counts only if it is whole: status 200, not degraded, with as many results as asked for. The shares of
 * the others are printed; the command fails where there are any. The customers are the ones that the arguments name.
 */
public final class PredictionLatency {

    private static final int WARM_UP = 2_000;
    private static final int COUNTED = 3_000;
    private static final int LIMIT = 20;

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI predictions;
    private final String key;

    private PredictionLatency(URI predictions, String key) {
        this.predictions = predictions;
        this.key = key;
    }

    /** Arguments: the gateway's address, the file with the key, and the ids of the customers to ask for. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 3) {
            System.err.println("name the customers to ask for: ./millrace bench c0001 c0127");
            System.exit(2);
        }
        PredictionLatency benchmark = new PredictionLatency(
                URI.create(arguments[0] + "/v1/applications/storefront/predictions"),
                Files.readString(Path.of(arguments[1])).strip());
        List<String> customers = Arrays.asList(arguments).subList(2, arguments.length);
        benchmark.run(customers, WARM_UP);
        Outcome outcome = benchmark.run(customers, COUNTED);
        System.out.println(outcome);
        if (outcome.notWhole() > 0) {
            System.exit(1);
        }
    }

    private Outcome run(List<String> customers, int requests) throws IOException, InterruptedException {
        Random random = new Random(17);
        long[] nanos = new long[requests];
        int notWhole = 0;
        for (int i = 0; i < requests; i++) {
            String customer = customers.get(random.nextInt(customers.size()));
            long start = System.nanoTime();
            HttpResponse<byte[]> response = http.send(request(customer), HttpResponse.BodyHandlers.ofByteArray());
            nanos[i] = System.nanoTime() - start;
            notWhole += whole(response) ? 0 : 1;
        }
        Arrays.sort(nanos);
        return new Outcome(requests, notWhole, nanos[requests / 2], nanos[requests * 99 / 100], nanos[requests - 1]);
    }

    private HttpRequest request(String customer) {
        String body = "{\"entities\":{\"customer\":\"" + customer + "\"},\"limit\":" + LIMIT + "}";
        return HttpRequest.newBuilder(predictions)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static boolean whole(HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            return false;
        }
        JsonNode answer = JSON.readTree(response.body());
        return answer.path("degraded").isEmpty() && answer.path("results").size() == LIMIT;
    }

    private record Outcome(int requests, int notWhole, long p50Nanos, long p99Nanos, long maxNanos) {

        @Override
        public String toString() {
            return "%d predictions, one caller: p50 %.2f ms, p99 %.2f ms, max %.1f ms; degraded, short or failed: %d"
                    .formatted(requests, p50Nanos / 1e6, p99Nanos / 1e6, maxNanos / 1e6, notWhole);
        }
    }
}
