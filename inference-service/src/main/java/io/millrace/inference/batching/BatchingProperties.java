package io.millrace.inference.batching;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What all models share.
 *
 * @param maxBytesInFlight how many bytes of requests may wait or run
 */
@ConfigurationProperties("millrace.inference.batching")
record BatchingProperties(@DefaultValue("256MB") DataSize maxBytesInFlight) {

    BatchingProperties {
        if (maxBytesInFlight.toBytes() < 1) {
            throw new IllegalArgumentException(
                    "millrace.inference.batching.max-bytes-in-flight: write a size above zero");
        }
    }
}
