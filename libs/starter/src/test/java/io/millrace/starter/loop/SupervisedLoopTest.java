package io.millrace.starter.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SupervisedLoopTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void goesOnAfterWhateverARoundThrowsAndSaysSoOncePerOutage(CapturedOutput output) throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        CountDownLatch worked = new CountDownLatch(1);
        SupervisedLoop loop = new SupervisedLoop("hardy", () -> {
            switch (rounds.incrementAndGet()) {
                case 1 -> throw new IOException("the disk");
                case 2 -> throw new IllegalStateException("a bug");
                case 3 -> throw new NoClassDefFoundError("a class");
                default -> {
                    worked.countDown();
                    new CountDownLatch(1).await();
                }
            }
        });
        loop.start();

        assertThat(worked.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(loop.stop(PATIENCE)).isTrue();
        assertThat(output).containsOnlyOnce("loop failed; trying again until it works");
    }

    @Test
    void anInterruptThatIsNoStopIsAFailureLikeAnyOther() throws Exception {
        LinkedBlockingQueue<Thread> rounds = new LinkedBlockingQueue<>();
        SupervisedLoop loop = new SupervisedLoop("interrupted", () -> {
            rounds.put(Thread.currentThread());
            new CountDownLatch(1).await();
        });
        loop.start();
        Thread thread = rounds.take();
        thread.interrupt();

        assertThat(rounds.poll(10, TimeUnit.SECONDS)).isSameAs(thread);
        assertThat(loop.stop(PATIENCE)).isTrue();
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void stopsWithoutWaitingForAPauseAndWithoutAnInterruptWhereThatIsWanted() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger interrupts = new AtomicInteger();
        @SuppressWarnings("NullAway.Init")
        class Sleeper {
            SupervisedLoop loop;
        }
        Sleeper sleeper = new Sleeper();
        sleeper.loop = new SupervisedLoop("sleeper", () -> {
            begun.countDown();
            sleeper.loop.sleep(Duration.ofHours(1));
            if (Thread.currentThread().isInterrupted()) {
                interrupts.incrementAndGet();
            }
        });
        sleeper.loop.start();
        begun.await();

        sleeper.loop.end();
        assertThat(sleeper.loop.stopGently(PATIENCE)).isTrue();
        assertThat(interrupts).hasValue(0);
        assertThat(sleeper.loop.isRunning()).isFalse();
    }

    @Test
    void waitsForTheEndOfARoundThatWasToldToEndBefore() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        SupervisedLoop loop = new SupervisedLoop("slow", () -> {
            begun.countDown();
            mayEnd.await();
        });
        loop.start();
        begun.await();
        loop.end();

        assertThat(loop.stopGently(Duration.ofMillis(50))).isFalse();
        mayEnd.countDown();
        assertThat(loop.stopGently(PATIENCE)).isTrue();
    }
}
