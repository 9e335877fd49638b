package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.application.ShopHistory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandTest {

    @Test
    void upTakesItsOptionsInAnyOrder() {
        assertThat(parse("up")).isEqualTo(new Command.Up(false, Optional.empty()));
        assertThat(parse("up", "--until", "2011-10-01", "--data", "storefront=retail.csv.gz", "--detach"))
                .isEqualTo(new Command.Up(
                        true, Optional.of(ShopHistory.file(Path.of("retail.csv.gz"), Optional.of("2011-10-01")))));
        assertThat(parse("up", "--size", "full"))
                .isEqualTo(new Command.Up(false, Optional.of(ShopHistory.SIMULATED_FULL)));
    }

    /** A detached start hands its options on. */
    @Test
    void theOptionsOfDataAskForTheSameData() {
        for (ShopHistory data : List.of(
                ShopHistory.SIMULATED,
                ShopHistory.SIMULATED_FULL,
                ShopHistory.file(Path.of("/retail.csv.gz"), Optional.empty()),
                ShopHistory.file(Path.of("/retail.csv.gz"), Optional.of("2011-10-01")))) {
            List<String> words = new ArrayList<>(List.of("up"));
            words.addAll(data.options());
            assertThat(Command.parse(words)).isEqualTo(new Command.Up(false, Optional.of(data)));
        }
    }

    @Test
    void theOtherCommandsTakeWhatTheyNeed() {
        assertThat(parse("logs", "app", "-f")).isEqualTo(new Command.Logs("app", true));
        assertThat(parse("apply", "applications/storefront"))
                .isEqualTo(new Command.ApplyFolder(Path.of("applications/storefront")));
        assertThat(parse("evaluate", "storefront", "--until", "2011-10-01"))
                .isEqualTo(new Command.Evaluate(List.of("--until", "2011-10-01")));
        assertThat(parse("simulate", "storefront", "--rate", "5"))
                .isEqualTo(new Command.Simulate(List.of("--rate", "5")));
        assertThat(parse("stop", "redis", "--kill")).isEqualTo(new Command.Stop("redis", true));
        assertThat(parse("start", "redis")).isEqualTo(new Command.Start("redis"));
        assertThat(parse()).isEqualTo(new Command.Help());
    }

    @Test
    void whatIsWrongIsSaid() {
        assertRefused("There is no command `begin`.", "begin");
        assertRefused("`up` has no option `--fast`.", "up", "--fast");
        assertRefused("`up` does not take `now`.", "up", "now");
        assertRefused("--data takes storefront=FILE, not `retail.csv.gz`.", "up", "--data", "retail.csv.gz");
        assertRefused("--data needs storefront=FILE.", "up", "--data");
        assertRefused("--until takes a day such as 2011-10-01, not `October`.", "up", "--until", "October");
        assertRefused("--until is for --data storefront=FILE, which is not given.", "up", "--until", "2011-10-01");
        assertRefused("--size takes small or full, not `huge`.", "up", "--size", "huge");
        assertRefused(
                "--size is for the simulated shop; --data brings another one in.",
                "up",
                "--size",
                "full",
                "--data",
                "storefront=retail.csv.gz");
        assertRefused("demo needs the name of an application: storefront.", "demo");
        assertRefused("There is no application `shop` to demo, only storefront.", "demo", "shop");
    }

    private static void assertRefused(String message, String... arguments) {
        assertThatThrownBy(() -> parse(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static Command parse(String... arguments) {
        return Command.parse(List.of(arguments));
    }
}
