package io.millrace.inference.repository;

import io.millrace.inference.model.ModelRuntime;
import io.millrace.inference.model.Serving;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({RepositoryProperties.class, S3Properties.class})
class RepositoryConfiguration {

    @Bean
    ModelRepository modelRepository(
            RepositoryProperties properties, ModelRuntime runtime, Serving serving, ProofCommand command) {
        return new ModelRepository(
                new RepositoryFolder(properties.repository()),
                new ModelLoader(runtime, serving),
                proof(properties.proof(), command),
                properties.control() == RepositoryProperties.Control.EXPLICIT
                        ? new Selection.OnDemand(properties.load())
                        : new Selection.Everything(),
                properties.keptVersions());
    }

    private static ModelProof proof(RepositoryProperties.Proof proof, ProofCommand command) {
        return proof.enabled()
                ? new ChildProof(
                        command.line(proof.memoryLimit().toKilobytes()), command.environment(), proof.timeLimit())
                : ModelProof.NONE;
    }

    @Bean
    RepositoryControl repositoryControl(ModelRepository repository, RepositoryWatcher watcher) {
        return new RepositoryControl(repository, watcher);
    }

    @Bean
    RepositoryWatcher repositoryWatcher(
            Optional<RepositorySource> source, ModelRepository repository, RepositoryProperties properties) {
        return new RepositoryWatcher(source, repository, properties.scanInterval());
    }

    @Bean
    @ConditionalOnProperty("millrace.inference.s3.bucket")
    RepositorySource modelBucket(S3Properties bucket, RepositoryProperties properties) {
        S3ClientBuilder client = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .region(Region.of(bucket.region()))
                .forcePathStyle(bucket.pathStyle());
        if (bucket.endpoint() != null) {
            client.endpointOverride(bucket.endpoint());
        }
        return new S3Mirror(client.build(), bucket, properties.repository());
    }

    @Bean
    ModelsHealthIndicator modelsHealthIndicator(ModelRepository repository) {
        return new ModelsHealthIndicator(repository);
    }
}
