package io.millrace.gateway.routing;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the services are, as {@code http://host:port}.
 *
 * @param app the app-service
 * @param feature the feature-service
 * @param vector the vector-service
 * @param inference the inference-service
 */
@ConfigurationProperties("millrace.gateway.routes")
record RouteProperties(URI app, URI feature, URI vector, URI inference) {}
