package io.millrace.inference;

import io.millrace.inference.repository.ProofCommand;
import io.millrace.inference.repository.ProofProcess;
import io.millrace.inference.runtime.Engines;
import io.millrace.inference.runtime.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Starts inference-service, or the process in which it tries models out. */
@SpringBootApplication
public class InferenceApplication {

    private static final String PROOF = "prove-models";

    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0 && arguments[0].equals(PROOF)) {
            Path pytorch = arguments.length > 1 ? Path.of(arguments[1]) : null;
            new ProofProcess(new Engines(new OnnxRuntime(), pytorch)).run(System.in, System.out);
        } else {
            SpringApplication.run(InferenceApplication.class, arguments);
        }
    }

    @Bean
    ProofCommand proofCommand(Engines engines) {
        return new ProofCommand(
                InferenceApplication.class,
                Stream.concat(Stream.of(PROOF), engines.folders().stream()).toList());
    }
}
