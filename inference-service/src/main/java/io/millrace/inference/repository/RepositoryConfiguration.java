package io.millrace.inference.repository;

import io.millrace.inference.model.ModelRuntime;
import io.millrace.inference.model.Serving;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RepositoryProperties.class)
class RepositoryConfiguration {

    @Bean
    ModelRepository modelRepository(RepositoryProperties properties, ModelRuntime runtime, Serving serving) {
        return new ModelRepository(
                new RepositoryFolder(properties.repository()),
                new ModelLoader(runtime, serving),
                properties.keptVersions());
    }

    @Bean
    RepositoryWatcher repositoryWatcher(ModelRepository repository, RepositoryProperties properties) {
        return new RepositoryWatcher(repository, properties.scanInterval());
    }

    @Bean
    ModelsHealthIndicator modelsHealthIndicator(ModelRepository repository) {
        return new ModelsHealthIndicator(repository);
    }
}
