/** The settings of a spool: {@code spool.toml}, options and defaults, in one table that also documents them. */
package gpuspool.config;
