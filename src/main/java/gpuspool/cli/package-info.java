/** One class per verb, and what people see: help, tables, exit statuses. */
package gpuspool.cli;
