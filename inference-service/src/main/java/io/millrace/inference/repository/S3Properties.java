package io.millrace.inference.repository;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * A bucket that the repository's folder is a copy of. Credentials come from the usual places of the AWS SDK: variables of the
 * environment, a profile, the machine's role.
 *
 * @param bucket its name; without one there is no copying
 * @param prefix what stands before the names of models in the bucket's keys, with its closing slash
 * @param endpoint of a server other than Amazon's
 * @param region of the bucket
 * @param pathStyle whether the bucket stands in the path and not in the host name, as most other servers need it
 * @param maxVersionSize of all files of one version; a larger one is left out
 */
@ConfigurationProperties("millrace.inference.s3")
record S3Properties(
        @DefaultValue("") String bucket,
        @DefaultValue("") String prefix,
        @Nullable URI endpoint,
        @DefaultValue("us-east-1") String region,
        @DefaultValue("false") boolean pathStyle,
        @DefaultValue("2GB") DataSize maxVersionSize) {

    S3Properties {
        if (!prefix.isEmpty() && (!prefix.endsWith("/") || prefix.startsWith("/"))) {
            throw new IllegalArgumentException(
                    "millrace.inference.s3.prefix: write it as in models/, without a slash in front");
        }
    }
}
