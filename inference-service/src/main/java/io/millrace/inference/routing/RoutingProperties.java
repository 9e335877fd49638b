package io.millrace.inference.routing;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the routing table lies: beside the models.
 *
 * @param repository the model repository's folder
 * @param scanInterval how often the table is looked at
 */
@ConfigurationProperties("millrace.inference")
record RoutingProperties(
        @DefaultValue(".millrace/models") Path repository,
        @DefaultValue("1s") Duration scanInterval) {}
