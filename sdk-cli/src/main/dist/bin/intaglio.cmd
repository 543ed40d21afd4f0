@echo off
rem The intaglio command, for Windows. Its jars are in ..\lib.
setlocal
if defined JAVA_HOME (set "java=%JAVA_HOME%\bin\java.exe") else (set "java=java.exe")
"%java%" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -cp "%~dp0..\lib\*" io.intaglio.cli.Intaglio %*
exit /b %errorlevel%
