package io.millrace.gateway.identity;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the keys are.
 *
 * @param keyFile a file with one API key, that of the tenant {@code default}
 * @param reload how often a changed file is looked for
 */
@ConfigurationProperties("millrace.gateway.identity")
record IdentityProperties(Path keyFile, @DefaultValue("1s") Duration reload) {}
