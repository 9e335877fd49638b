package io.millrace.inference;

import io.millrace.inference.repository.ProofCommand;
import io.millrace.inference.repository.ProofProcess;
import io.millrace.inference.runtime.OnnxRuntime;
import java.io.IOException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Starts inference-service, or the process in which it tries models out. */
@SpringBootApplication
public class InferenceApplication {

    private static final String PROOF = "prove-models";

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 1 && arguments[0].equals(PROOF)) {
            new ProofProcess(new OnnxRuntime()).run(System.in, System.out);
        } else {
            SpringApplication.run(InferenceApplication.class, arguments);
        }
    }

    @Bean
    ProofCommand proofCommand() {
        return new ProofCommand(InferenceApplication.class, PROOF);
    }
}
