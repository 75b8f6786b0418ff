/**
 * Stand-ins for hardware: a fake NVML, a fake CUDA, a fake {@code nvidia-smi}, and {@code use-card} for the jobs of tests. All
 * of one {@link gpuspool.gpu.fake.FakeDriver} lie in one directory and play the state that it writes there.
 *
 * <pre>
 *   &#64;BeforeAll static void compiler() { FakeDriver.needCompiler(); }      // and "Class.*  # a C compiler" in allowed-skips.txt
 *   FakeDriver driver = FakeDriver.in(dir, 2);                             // GPUs 0 and 1, 80 GiB each, idle
 *   driver.gpu(0).process(pid, "10GiB");  driver.gpu(1).lose();  driver.initError(18);    // each takes effect at once
 *   environment.putAll(driver.environment());                              // LD_LIBRARY_PATH and PATH of a child
 *   Process stranger = driver.stranger(0, "10GiB");                        // a real process that is on GPU 0 until it is ended
 *   new Spool(..., "use-card 2GiB 0.5");                                   // a job that uses the card it was given
 *   driver.nvml(), driver.cuda()                                           // to load in this process, by absolute path
 * </pre>
 *
 * <p>In the other direction, what a child does by the fake CUDA or {@code use-card} is seen by all at once, until it ends, by
 * kill -9 too. Two drivers of one JVM are two libraries with a state each. The C sources are in {@code src/test/c}; the state's
 * form is described in {@code fake_gpus.h}.
 */
package gpuspool.gpu.fake;
