package io.millrace.inference.protocol;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much the HTTP side takes.
 *
 * @param maxBodySize of one request, with the bytes of its tensors
 * @param maxJsonSize of the JSON in it, which needs many times its size in memory; large tensors go behind it as bytes
 * @param maxBytesInFlight of all bodies that are held at once; what would exceed it is refused with a time to try again
 */
@ConfigurationProperties("millrace.inference.http")
record HttpProperties(
        @DefaultValue("64MB") DataSize maxBodySize,
        @DefaultValue("16MB") DataSize maxJsonSize,
        @DefaultValue("128MB") DataSize maxBytesInFlight) {

    private static final DataSize MOST = DataSize.ofGigabytes(1);

    HttpProperties {
        requireAtMost("max-body-size", maxBodySize, MOST);
        requireAtMost("max-json-size", maxJsonSize, maxBodySize);
        if (maxBytesInFlight.compareTo(maxBodySize) < 0) {
            throw new IllegalArgumentException(
                    "millrace.inference.http.max-bytes-in-flight: write at least max-body-size");
        }
    }

    private static void requireAtMost(String key, DataSize size, DataSize most) {
        if (size.toBytes() < 1 || size.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "millrace.inference.http.%s: write a size from 1B to %s".formatted(key, most));
        }
    }
}
