package io.millrace.benchmarks.storefront;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.benchmarks.Target;
import io.millrace.local.application.KnownCustomers;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;

/** The storefront's predictions through the gateway, as any client would ask for them. For use by many threads. */
public final class Storefront implements AutoCloseable {

    private static final Timeout PATIENCE = Timeout.ofSeconds(10);

    private final CloseableHttpClient http;
    private final URI predictions;
    private final String key;
    private final int limit;

    private Storefront(CloseableHttpClient http, URI predictions, String key, int limit) {
        this.http = http;
        this.predictions = predictions;
        this.key = key;
        this.limit = limit;
    }

    /**
     * @param limit results to ask for
     * @param connections how many requests may be under way
     */
    public static Storefront of(Target millrace, int limit, int connections) throws IOException {
        CloseableHttpClient http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(connections)
                        .setMaxConnPerRoute(connections)
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(PATIENCE)
                        .setConnectionRequestTimeout(PATIENCE)
                        .build())
                .disableAutomaticRetries()
                .disableCookieManagement()
                .build();
        return new Storefront(
                http, millrace.gateway().resolve("/v1/applications/storefront/predictions"), millrace.key(), limit);
    }

    /**
     * The customers to ask for.
     *
     * @param named the ones that were named; where there are none, those who did something lately, the most active first
     */
    public static List<String> customers(Target millrace, List<String> named) {
        List<String> customers =
                named.isEmpty() ? KnownCustomers.in(millrace.ports().kafkaBootstrap()) : named;
        if (customers.isEmpty()) {
            throw new IllegalArgumentException("No customer was found among the newest events; name some.");
        }
        return customers;
    }

    /** Asks for a customer's recommendations. */
    public Answer ask(String customer) {
        var request = new HttpPost(predictions);
        request.setHeader("Authorization", "Bearer " + key);
        request.setEntity(new ByteArrayEntity(
                ("{\"entities\":{\"customer\":\"" + customer + "\"},\"limit\":" + limit + "}").getBytes(UTF_8),
                ContentType.APPLICATION_JSON));
        try {
            return http.execute(
                    request,
                    response -> Answer.of(response.getCode(), EntityUtils.toByteArray(response.getEntity()), limit));
        } catch (IOException e) {
            return new Answer.Failed(e.toString());
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
