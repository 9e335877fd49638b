package io.millrace.starter.rehearsal;

import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Does nothing in a service that starts in order to serve. */
@AutoConfiguration
@ConditionalOnProperty(RehearsalAutoConfiguration.CLASSES)
public class RehearsalAutoConfiguration {

    static final String CLASSES = "millrace.rehearsal.classes";

    @Bean
    RehearsedClasses rehearsedClasses(@Value("${" + CLASSES + "}") Path log) {
        return new RehearsedClasses(log, RehearsalAutoConfiguration.class.getClassLoader());
    }
}
