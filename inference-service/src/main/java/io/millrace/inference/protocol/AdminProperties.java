package io.millrace.inference.protocol;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who may load and unload models.
 *
 * @param keySha256 of the key that such a caller shows in the header {@code Millrace-Admin-Key}, in hexadecimal digits; without
 *     it nobody may
 */
@ConfigurationProperties("millrace.inference.admin")
record AdminProperties(@Nullable String keySha256) {

    AdminProperties {
        if (keySha256 != null && !keySha256.isEmpty() && !keySha256.matches("[0-9a-fA-F]{64}")) {
            throw new IllegalArgumentException(
                    "millrace.inference.admin.key-sha256: write the 64 digits that sha256sum prints for the key");
        }
    }
}
